/** What the generators need of Nx's picture of the files, in which changes wait until a generator has ended well. */
export interface Tree {
  /** Where the repository is on disk. */
  readonly root: string;
  exists(path: string): boolean;
  read(path: string, encoding: 'utf8'): string | null;
  write(path: string, content: string): void;
  /** Names of what is in a folder. */
  children(path: string): readonly string[];
}
