/**
 * Our own trick, lent to the others: items that come while a commit is under way share the next one, so that they are not slower only because
 * they do not know it.
 */

interface Waiting<Item> {
  readonly item: Item;
  readonly done: (error?: unknown) => void;
}

const MAX_IN_FLIGHT = 2;

export class Grouped<Item> {
  private waiting: Waiting<Item>[] = [];
  private committing = 0;

  constructor(private readonly commit: (items: readonly Item[]) => Promise<unknown>) {}

  /** Resolves after the commit that holds it. @throws what that commit throws */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, done: (error) => (error === undefined ? resolve() : reject(error as Error)) });
      void this.next();
    });
  }

  private async next(): Promise<void> {
    if (this.committing >= MAX_IN_FLIGHT || this.waiting.length === 0) return;
    this.committing += 1;
    const batch = this.waiting;
    this.waiting = [];
    try {
      await this.commit(batch.map(({ item }) => item));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { done } of batch) done(error);
    } finally {
      this.committing -= 1;
      void this.next();
    }
  }
}
