/** `whole` with some members replaced: everything else still happens to `whole`. Where a replacement is undefined, it lacks that member. */
export function replaced<T extends object>(whole: T, members: { readonly [Key in keyof T]?: T[Key] | undefined }): T {
  return new Proxy(whole, {
    get(target, key) {
      if (key in members) return members[key as keyof T];
      const value = target[key as keyof T];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
