import { element, outcomes } from './outcomes.js';
import { byId } from './state.js';
import { drawTimeline, markers, sentenceOf } from './timeline.js';

/** Opens the dialog of a case; `beside` are the other cases of its cell. */
export function showCase(data, result, beside) {
  const { title = '', why = '' } = data.scenarios.find(({ id }) => id === result.scenario) ?? {};
  const dialog = byId('detail');
  const close = element('button', { type: 'button', class: 'close' }, 'Close');
  close.addEventListener('click', () => dialog.close());
  const facts = element('dl');
  const fact = (name, ...values) => facts.append(element('dt', {}, name), element('dd', {}, ...values));
  fact(
    'outcome',
    element('span', { class: result.outcome }, `${outcomes[result.outcome].sign} ${outcomes[result.outcome].label}`),
    ` in ${result.durationMs} ms`,
  );
  if (result.again) fact('run', result.again);
  fact('why it is asked', ...linked(why));
  if (result.reason) fact('reason', ...linked(result.reason));
  const others = beside.filter((other) => other !== result);
  if (others.length > 0) fact('other targets', ...others.flatMap((other) => [caseLink(data, other, beside), ' ']));
  dialog.replaceChildren(
    close,
    element('h2', { id: 'detail-title' }, result.case),
    element('p', {}, title),
    facts,
    ...(result.error ? [element('h3', {}, 'Error'), element('pre', {}, result.error)] : []),
    ...pictureOf(result),
  );
  if (!dialog.open) dialog.showModal();
  history.replaceState(undefined, '', `#${encodeURIComponent(result.case)}`);
}

function caseLink(data, other, beside) {
  const link = element(
    'a',
    { href: `#${encodeURIComponent(other.case)}` },
    `${other.target} ${outcomes[other.outcome].sign}`,
  );
  link.addEventListener('click', (event) => {
    event.preventDefault();
    showCase(data, other, beside);
  });
  return link;
}

function pictureOf({ trace }) {
  if (!trace || trace.lanes.length === 0) return [element('p', { class: 'hint' }, 'Nothing reached the server.')];
  const legend = Object.values(markers).map(([sign, meaning]) => element('li', {}, `${sign} ${meaning}`));
  const rows = trace.events.map((event) =>
    element('tr', {}, element('td', {}, trace.lanes[event.lane]), element('td', {}, sentenceOf(event))),
  );
  return [
    element('h3', {}, `Wire timeline${leftOut(trace)}`),
    element('ul', { class: 'legend' }, ...legend, element('li', {}, 'a color is a token')),
    element('div', { id: 'picture', tabindex: '0' }, drawTimeline(trace)),
    element(
      'details',
      {},
      element('summary', {}, 'The same as a list'),
      element('table', { class: 'events' }, element('tbody', {}, ...rows)),
    ),
  ];
}

function leftOut({ lanesLeft, left }) {
  const parts = [
    ...(lanesLeft > 0 ? [`${lanesLeft} connection${lanesLeft > 1 ? 's' : ''} that came later`] : []),
    ...(left > 0 ? [`${left} later event${left > 1 ? 's' : ''}`] : []),
  ];
  return parts.length > 0 ? ` (left out: ${parts.join(', ')})` : '';
}

/** A text with its addresses as links. */
function linked(text) {
  return text
    .split(/(https:\/\/[^\s,;)]+)/)
    .map((part) => (part.startsWith('https://') ? element('a', { href: part }, part) : part));
}
