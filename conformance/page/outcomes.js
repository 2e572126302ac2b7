export const outcomes = {
  pass: { sign: '✓', label: 'pass' },
  'degraded-as-declared': { sign: '◐', label: 'degraded as declared' },
  'known-failing': { sign: '✗', label: 'known failing' },
  fail: { sign: '!!', label: 'fail' },
  'unexpected-pass': { sign: '?!', label: 'unexpected pass' },
  'could-not-run': { sign: '–', label: 'could not run' },
};
/** The worst last: what a cell of several cases shows. */
export const severity = ['pass', 'degraded-as-declared', 'known-failing', 'could-not-run', 'unexpected-pass', 'fail'];
export const worstOf = (cases) =>
  cases.toSorted((a, b) => severity.indexOf(b.outcome) - severity.indexOf(a.outcome))[0];

export const driverOf = (result) => `${result.driver}@${result.driverVersion}`;
export const respOf = (result) => result.case.slice(result.case.lastIndexOf(':') + 1);
export const groupOf = (scenario) => scenario.slice(0, scenario.indexOf('/'));
export const unique = (values) => [...new Set(values)];

/** An element with attributes and children; texts are never read as markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
