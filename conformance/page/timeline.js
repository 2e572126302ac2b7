import { unique } from './outcomes.js';

const laneHeight = 26;
const left = 170;
const width = 1000;

export const markers = {
  open: ['│', 'connection opened'],
  push: ['◆', 'notice of maintenance'],
  login: ['▲', 'AUTH or HELLO accepted'],
  command: ['▬', 'commands'],
  refused: ['⊘', 'login refused'],
  fault: ['⚡', 'fault of the test'],
  expired: ['✕', 'cut: the token expired'],
  close: ['◼', 'connection closed'],
};

function svg(name, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Connections as lanes; each stretch has the color of the token that it logged in with. */
export function drawTimeline({ lanes, events, durationMs }) {
  const height = (lanes.length + 1) * laneHeight + 6;
  const x = (ms) => left + ((width - left - 20) * ms) / Math.max(1, durationMs);
  const y = (lane) => 6 + lane * laneHeight + laneHeight / 2;
  const tokens = unique(events.flatMap(({ token = [] }) => token));
  const color = (token) => `hsl(${(tokens.indexOf(token) * 67 + 205) % 360} 60% 50%)`;
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `${lanes.length} connections over ${durationMs} ms`,
  });
  for (const [lane, name] of lanes.entries()) {
    picture.append(svg('line', { x1: left, x2: width - 20, y1: y(lane), y2: y(lane), class: 'rule' }));
    picture.append(svg('text', { x: 4, y: y(lane) + 4 }, name));
    picture.append(
      ...stretches(
        events.filter((event) => event.lane === lane),
        durationMs,
      ).map(({ token, from, to }) =>
        svg(
          'rect',
          {
            x: x(from),
            y: y(lane) - 7,
            width: Math.max(1, x(to) - x(from)),
            height: 14,
            rx: 3,
            fill: color(token),
            opacity: 0.35,
          },
          svg('title', {}, `token ${token}, ${from} to ${to} ms`),
        ),
      ),
    );
  }
  picture.append(...events.map((event) => markOf(event, x, y, color)));
  for (const part of [0, 0.25, 0.5, 0.75, 1])
    picture.append(
      svg(
        'text',
        { x: x(durationMs * part), y: height - 8, class: 'dim', 'text-anchor': part < 1 ? 'middle' : 'end' },
        `${Math.round(durationMs * part)} ms`,
      ),
    );
  return picture;
}

/** From each login of a lane to the next, or to the end of the connection. */
function stretches(events, durationMs) {
  const ends = events.filter(({ kind }) => ['login', 'close', 'expired'].includes(kind));
  return ends.flatMap((event, index) =>
    event.kind === 'login' ? [{ token: event.token, from: event.atMs, to: ends[index + 1]?.atMs ?? durationMs }] : [],
  );
}

function markOf(event, x, y, color) {
  const { lane, atMs, kind, untilMs = atMs, token } = event;
  const title = svg('title', {}, sentenceOf(event));
  if (kind === 'command')
    return svg(
      'rect',
      {
        x: x(atMs),
        y: y(lane) - 3,
        width: Math.max(2, x(untilMs) - x(atMs)),
        height: 6,
        rx: 1,
        fill: 'currentColor',
        opacity: 0.55,
      },
      title,
    );
  const fill = kind === 'login' ? color(token) : ['open', 'push'].includes(kind) ? 'currentColor' : 'var(--fail)';
  return svg(
    'text',
    { x: x(atMs), y: y(lane) + 4, 'text-anchor': 'middle', style: `fill: ${fill}; font-size: 13px` },
    markers[kind][0],
    title,
  );
}

export function sentenceOf({ atMs, kind, text, count = 1, token }) {
  const what = kind === 'command' ? `${count} × ${text}` : `${markers[kind][1]}${text ? `: ${text}` : ''}`;
  return `${atMs} ms: ${what}${token ? ` with token ${token}` : ''}`;
}
