import { defineConfig, type UserConfig } from 'tsdown';
import { nodeFloorPlugin } from './node-floor.mjs';

export { nodeFloorPlugin };

const common = { platform: 'node', target: 'node22.12', fixedExtension: false } as const;

/** What is imported: every entry for `import` and for `require`, with its types. It refuses an old Node.js. */
export const library = (options: UserConfig): UserConfig =>
  defineConfig({
    ...common,
    format: ['esm', 'cjs'],
    dts: true,
    hash: false,
    plugins: [nodeFloorPlugin()],
    outputOptions: { comments: { jsdoc: false } },
    inputOptions: { experimental: { attachDebugInfo: 'none' } },
    ...options,
  });

/** A published command: `dist/bin.js` refuses an old Node.js, and runs the entry `cli`. */
export const command = (options: UserConfig): UserConfig =>
  program({ hash: false, plugins: [nodeFloorPlugin({ command: true })], ...options });

/** A program of this workspace. */
export const program = (options: UserConfig): UserConfig =>
  defineConfig({ ...common, format: 'esm', dts: false, ...options });
