export type V4 = never;
