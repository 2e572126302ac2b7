import type { Block } from './markdown.ts';

export interface ShellLine {
  readonly name: string;
  readonly text: string;
}

/** The command lines of the `sh` blocks of a page, without their comments. */
export function shellLinesOf(blocks: readonly Block[]): ShellLine[] {
  return blocks
    .filter(({ language }) => language === 'sh')
    .flatMap((block) =>
      block.text
        .split('\n')
        .map((text, index) => ({
          name: `${block.page}:${block.line + 1 + index}`,
          text: text.replace(/(?:^|\s)#.*$/, '').trim(),
        }))
        .filter(({ text }) => text !== ''),
    );
}

export type ShellCheck =
  /** Ours: it runs. */
  | { readonly kind: 'ours'; readonly args: readonly string[] }
  /** A script of the workspace: it exists; CI runs the commands themselves. */
  | { readonly kind: 'script'; readonly script: string }
  /** Packages that exist in this workspace or its dependencies. */
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  /** A program that is not here, such as the command line of Azure, or a variable that is set. */
  | { readonly kind: 'foreign' };

// What starts and stops the emulator in the background has tests of its own, in packages/cli/test/emulate.
const foreign = /^(?:(?:az|aws|gcloud|kubectl)\b|export \w+=\S+$|eval "\$\(npx entra-redis emulate --background\)"$)/;

/** `@entra-redis/ioredis` of `./vendor/entra-redis-ioredis-0.0.0.tgz`; other words are names already. */
function packageOf(word: string): string {
  const [tarball, short] = /\/entra-redis(?:-([a-z-]+))?-[\d.]+\.tgz$/.exec(word) ?? [];
  if (tarball === undefined) return word;
  return short === undefined ? 'entra-redis' : `@entra-redis/${short}`;
}

/** What can be checked of a command line; throws where nobody has said. */
export function planShellLine({ name, text }: ShellLine): ShellCheck {
  const words = text.split(/\s+/).map((word) => word.replaceAll("'", ''));
  const [first, second, ...rest] = words;
  if (first === 'npx' && second === 'entra-redis' && rest.includes('--stop')) return { kind: 'foreign' };
  if (first === 'npx' && second === 'entra-redis') return { kind: 'ours', args: rest };
  if (first === 'npx' && second === '@entra-redis/emulator') return { kind: 'ours', args: ['emulate', ...rest] };
  if (first === 'npm' && second === 'install')
    return { kind: 'install', packages: rest.filter((word) => !word.startsWith('-')).map(packageOf) };
  if (first === 'npm' || first === 'pnpm')
    return { kind: 'script', script: (second === 'run' ? rest[0] : second) ?? '' };
  if (foreign.test(text)) return { kind: 'foreign' };
  throw new Error(`${name}: nobody checks this command line: ${text}`);
}
