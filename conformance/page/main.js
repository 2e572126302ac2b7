import { driverOf, element, outcomes, respOf, severity } from './outcomes.js';
import { byId, fillFilters, readData, selected } from './state.js';
import { drawGrid, moveByKeys } from './grid.js';
import { showCase } from './detail.js';

async function main() {
  const data = await readData();
  const open = (result, beside) => showCase(data, result, beside);
  const draw = () => {
    const shown = selected(data);
    byId('count').textContent = `${shown.length} of ${data.cases.length} cases`;
    drawGrid(data, shown, open);
  };
  byId('about').textContent = data.about;
  byId('summary').append(
    ...severity.flatMap((outcome) => {
      const count = data.cases.filter((result) => result.outcome === outcome).length;
      const { sign, label } = outcomes[outcome];
      return count === 0 ? [] : [element('li', {}, element('span', { class: outcome }, sign), ` ${count} ${label}`)];
    }),
    ...againOf(data),
  );
  fillFilters(data, draw);
  draw();
  moveByKeys(byId('grid'));
  byId('detail').addEventListener('close', () =>
    history.replaceState(undefined, '', location.pathname + location.search),
  );
  openAddressed(data, open);
  addEventListener('hashchange', () => openAddressed(data, open));
}

function againOf({ cases }) {
  const count = cases.filter(({ again }) => again).length;
  return count === 0 ? [] : [element('li', {}, `↻ ${count} run again`)];
}

/** The case that the address names after `#`. */
function openAddressed({ cases }, open) {
  const address = decodeURIComponent(location.hash.slice(1));
  const result = cases.find((each) => each.case === address);
  if (result)
    open(
      result,
      cases.filter(
        (each) =>
          each.scenario === result.scenario && driverOf(each) === driverOf(result) && respOf(each) === respOf(result),
      ),
    );
}

void main();
