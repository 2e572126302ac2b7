/**
 * The registry package that holds the node binary. On Linux the platform's own: no install script runs.
 * @param {string} version 24, or 24.11.0
 * @returns {string}
 */
export function nodePackage(version) {
  const own = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  return `${own ? `node-linux-${process.arch}` : 'node'}@${version}`;
}
