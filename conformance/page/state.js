import { driverOf, element, groupOf, outcomes, severity, unique } from './outcomes.js';

export const byId = (id) => document.getElementById(id);

export async function readData() {
  const packed = Uint8Array.from(atob(byId('data').textContent.trim()), (char) => char.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return await new Response(unpacked).json();
}

export function fillFilters({ cases }, onChange) {
  const fill = (id, all, values, labelOf = (value) => value) => {
    byId(id).replaceChildren(
      element('option', { value: '' }, all),
      ...values.map((value) => element('option', { value }, labelOf(value))),
    );
  };
  fill('target', 'all (the worst)', unique(cases.map(({ target }) => target)));
  fill('group', 'all', unique(cases.map(({ scenario }) => groupOf(scenario))));
  fill('driver', 'all', unique(cases.map(driverOf)));
  const found = unique(cases.map(({ outcome }) => outcome));
  fill(
    'outcome',
    'all',
    severity.filter((outcome) => found.includes(outcome)),
    (outcome) => outcomes[outcome].label,
  );
  byId('filters').addEventListener('input', onChange);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
}

/** The cases that all filters let through. */
export function selected({ cases, scenarios }) {
  const [target, group, driver, outcome] = ['target', 'group', 'driver', 'outcome'].map((id) => byId(id).value);
  const words = byId('text').value.toLowerCase().split(/\s+/).filter(Boolean);
  const about = new Map(scenarios.map(({ id, title, why }) => [id, `${title} ${why}`]));
  return cases.filter((result) => {
    const text =
      `${result.case} ${about.get(result.scenario) ?? ''} ${result.reason ?? ''} ${result.error ?? ''}`.toLowerCase();
    return (
      (target === '' || result.target === target) &&
      (group === '' || groupOf(result.scenario) === group) &&
      (driver === '' || driverOf(result) === driver) &&
      (outcome === '' || result.outcome === outcome) &&
      words.every((word) => text.includes(word))
    );
  });
}
