/** What the drawings of the documentation are made of. Colors follow the reader's light or dark mode. */

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .middle { text-anchor: middle } .end { text-anchor: end }
  .box { fill: #f6f8fa; stroke: #818b98 }
  .line { stroke: #59636e; fill: none; stroke-width: 1.5 }
  .head { fill: #59636e }
  .a { fill: #2f6fb5 } .b { fill: #d9822b } .on { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .box { fill: #212830; stroke: #656c76 }
    .line { stroke: #9198a1 } .head { fill: #9198a1 } .a { fill: #4a90d9 } .b { fill: #e39a4c } .on { fill: #0d1117 }
  }`;

/** Text of a reader's program: the title names the picture, the description says in words what it shows. */
const describe = (title: string, description: string): string =>
  `<title id="title">${escape(title)}</title><desc id="description">${escape(description)}</desc>`;

export function picture(
  { title, description, width, height }: { title: string; description: string; width: number; height: number },
  ...shapes: readonly string[]
): string {
  const marker =
    '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8Z"/></marker>';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    describe(title, description),
    `<style>${style}</style><defs>${marker}</defs>`,
    ...shapes,
    '</svg>\n',
  ].join('\n');
}

/** The same for a picture that another program has drawn, in light colors. */
export function describeSvg(svg: string, title: string, description: string): string {
  const dark = '<style>@media (prefers-color-scheme: dark) { svg { filter: invert(0.9) hue-rotate(180deg) } }</style>';
  return svg
    .replace('<svg ', '<svg role="img" aria-labelledby="title description" ')
    .replace('>', `>\n${describe(title, description)}${dark}`);
}

type Point = readonly [x: number, y: number];

export const text = ([x, y]: Point, words: string, kind = ''): string =>
  `<text x="${x}" y="${y}"${kind && ` class="${kind}"`}>${escape(words)}</text>`;

/** A box with a name, and a line of explanation. */
export const box = ([x, y]: Point, [width, height]: Point, name: string, below = ''): string =>
  [
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    text([x + width / 2, y + height / 2 + (below ? -2 : 5)], name, 'middle'),
    ...(below ? [text([x + width / 2, y + height / 2 + 14], below, 'small middle')] : []),
  ].join('');

/** An arrow with words above its middle. */
export const arrow = ([fromX, fromY]: Point, [toX, toY]: Point, words = '', above = -6): string =>
  `<path class="line" marker-end="url(#head)" d="M${fromX} ${fromY}L${toX} ${toY}"/>${text([(fromX + toX) / 2, (fromY + toY) / 2 + above], words, 'small middle')}`;

export const bar = ([x, y]: Point, [width, height]: Point, kind: string, words = ''): string =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>${words && text([x + 8, y + height / 2 + 4], words, 'on')}`;

export const line = ([fromX, fromY]: Point, [toX, toY]: Point): string =>
  `<path class="line" d="M${fromX} ${fromY}L${toX} ${toY}"/>`;

export const dot = ([x, y]: Point, kind: string): string => `<circle class="${kind}" cx="${x}" cy="${y}" r="6"/>`;

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
