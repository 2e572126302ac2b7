import { fileURLToPath } from 'node:url';

/** A file of the report's page, which lies beside both `src` and `dist`. */
export const pageFile = (name: string): string => fileURLToPath(new URL(`../page/${name}`, import.meta.url));
