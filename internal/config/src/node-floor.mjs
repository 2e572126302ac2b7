// A Node.js below `engines` is refused with one sentence, not by whatever it happens to lack first. The build puts the check into what it
// makes, so that the range has one place, package.json.
import { readFileSync } from 'node:fs';

/**
 * The check as source text: a condition, and the sentence. It declares no name that a bundle could have as well.
 * @param {string} name of the package
 * @param {string} range such as "^22.17.0 || >=24.2.0"
 */
function floorOf(name, range) {
  const within = range.split('||').map((part) => {
    const [, operator, major, minor] = /^\s*(\^|>=)(\d+)\.(\d+)\.0\s*$/.exec(part) ?? [];
    if (operator === undefined) throw new Error(`engines.node of ${name}: cannot read "${part}".`);
    const sameMajor = `major == ${major} && minor >= ${minor}`;
    return operator === '^' ? sameMajor : `${sameMajor} || major > ${major}`;
  });
  return {
    version: 'const [major, minor] = process.versions.node.split(".");',
    tooOld: `!(${within.join(' || ')})`,
    sentence: `\`${name} needs Node.js ${range}, and this is \${process.versions.node}: install a newer Node.js.\``,
  };
}

/**
 * Statements that throw on a Node.js outside of `range`.
 * @param {string} name of the package
 * @param {string} range of versions
 */
export function moduleFloor(name, range) {
  const { version, tooOld, sentence } = floorOf(name, range);
  return `{
	${version}
	if (${tooOld}) {
		const sentence = ${sentence};
		throw Object.assign(new Error(sentence), { code: "ERR_NODE_VERSION" });
	}
}`;
}

/**
 * A command. It imports the program only then: an old Node.js refuses names that it lacks before it runs anything.
 * @param {string} name of the package
 * @param {string} range of versions
 */
function commandFloor(name, range) {
  const { version, tooOld, sentence } = floorOf(name, range);
  return `#!/usr/bin/env node
${version}
if (${tooOld}) {
	console.error(${sentence});
	process.exitCode = 1;
} else await import("./cli.js");
`;
}

/**
 * A plugin for tsdown: the check comes first in each file that imports no other of its package, and is evaluated before all others.
 * @param {{ command?: boolean }} [options] `command`: makes `bin.js`, which checks and then runs `cli.js`
 */
export function nodeFloorPlugin({ command = false } = {}) {
  const { name, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const check = moduleFloor(name, engines.node);
  return {
    name: 'node-floor',
    /** @param {{ fileName: string, imports: string[] }} chunk */
    intro: ({ fileName, imports }) =>
      /\.d\.c?ts$/.test(fileName) || imports.some((file) => /\.c?js$/.test(file)) ? '' : check,
    /** @this {{ emitFile(asset: object): void }} */
    generateBundle() {
      if (!command) return;
      this.emitFile({ type: 'asset', fileName: 'bin.js', source: commandFloor(name, engines.node) });
    },
  };
}
