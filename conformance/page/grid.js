import { driverOf, element, groupOf, outcomes, respOf, unique, worstOf } from './outcomes.js';
import { byId } from './state.js';

/** Draws the cases that are shown: scenarios down, drivers and RESP versions across; a button for each cell. */
export function drawGrid(data, shown, open) {
  const columns = columnsOf(shown);
  const drivers = unique(columns.map(({ driver }) => driver));
  const widthOf = (driver) => columns.filter((column) => column.driver === driver).length;
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col', rowspan: '2' }, 'scenario'),
      ...drivers.map((driver) =>
        element('th', { scope: 'colgroup', colspan: widthOf(driver), class: 'driver-end' }, driver),
      ),
    ),
    element(
      'tr',
      {},
      ...columns.map(({ resp, last }) =>
        element('th', { scope: 'col', class: last ? 'driver-end' : '' }, `RESP${resp}`),
      ),
    ),
  );
  const body = element('tbody');
  let group;
  for (const { id, title } of data.scenarios) {
    const cases = shown.filter(({ scenario }) => scenario === id);
    if (cases.length === 0) continue;
    if (groupOf(id) !== group) {
      group = groupOf(id);
      body.append(
        element('tr', { class: 'group' }, element('th', { scope: 'rowgroup', colspan: columns.length + 1 }, group)),
      );
    }
    body.append(rowOf(id, title, cases, columns, open));
  }
  byId('grid').replaceChildren(head, body);
  const first = byId('grid').querySelector('td button');
  if (first) first.tabIndex = 0;
}

function columnsOf(shown) {
  const keys = unique(shown.map((result) => `${driverOf(result)} ${respOf(result)}`)).map((key) => key.split(' '));
  const drivers = unique(keys.map(([driver]) => driver));
  const sorted = keys.toSorted((a, b) => drivers.indexOf(a[0]) - drivers.indexOf(b[0]) || a[1] - b[1]);
  return sorted.map(([driver, resp], index) => ({ driver, resp, last: sorted[index + 1]?.[0] !== driver }));
}

function rowOf(id, title, cases, columns, open) {
  const row = element('tr', {}, element('th', { scope: 'row' }, id, element('small', {}, title)));
  for (const { driver, resp, last } of columns) {
    const here = cases.filter((result) => driverOf(result) === driver && respOf(result) === resp);
    const cell = element('td', { role: 'gridcell', class: last ? 'driver-end' : '' });
    if (here.length > 0) cell.append(buttonOf(here, open));
    row.append(cell);
  }
  return row;
}

function buttonOf(here, open) {
  const worst = worstOf(here);
  const { sign, label } = outcomes[worst.outcome];
  const of = here.length === 1 ? worst.target : `${here.length} targets`;
  const name = `${worst.scenario}, ${driverOf(worst)}, RESP${respOf(worst)}, ${of}: ${label}`;
  const button = element(
    'button',
    { type: 'button', tabindex: '-1', class: worst.outcome, title: name, 'aria-label': name },
    sign,
  );
  button.addEventListener('click', () => open(worst, here));
  return button;
}

/** Arrow keys, Home and End, over cells that have a case. */
export function moveByKeys(grid) {
  grid.addEventListener('keydown', (event) => {
    const from = event.target.closest('td');
    const to = from && nextCell(from, event.key);
    if (!to) return;
    event.preventDefault();
    focusCell(grid, to);
  });
}

function nextCell(from, key) {
  const filled = (cell) => cell?.querySelector('button') && cell;
  const beside = (cell, step) => {
    for (let next = cell[step]; next; next = next[step]) if (filled(next)) return next;
    return undefined;
  };
  const under = (step) => {
    for (let row = from.parentElement[step]; row; row = row[step])
      if (filled(row.cells[from.cellIndex])) return row.cells[from.cellIndex];
    return undefined;
  };
  const ends = (cells) => [...from.parentElement.cells].filter((cell) => cell.querySelector('button')).at(cells);
  const moves = {
    ArrowRight: () => beside(from, 'nextElementSibling'),
    ArrowLeft: () => beside(from, 'previousElementSibling'),
    ArrowDown: () => under('nextElementSibling'),
    ArrowUp: () => under('previousElementSibling'),
    Home: () => ends(0),
    End: () => ends(-1),
  };
  return moves[key]?.();
}

function focusCell(grid, cell) {
  for (const button of grid.querySelectorAll('button[tabindex="0"]')) button.tabIndex = -1;
  const button = cell.querySelector('button');
  button.tabIndex = 0;
  button.focus();
}
