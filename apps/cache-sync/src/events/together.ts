/**
 * Lets what is asked for one by one be done together: while a batch is under way, the next one gathers. A single request starts at once.
 *
 *   idle -> (add) one batch under way, the next gathering -> idle
 *
 * A batch that fails fails for each of its members.
 */
export class Together<Item, Answer> {
  private gathering: { item: Item; answer: (answer: Answer) => void; fail: (error: unknown) => void }[] = [];
  private isBusy = false;

  /** @param work Answers each item, in their order. */
  constructor(private readonly work: (items: readonly Item[]) => Promise<readonly Answer[]>) {}

  add(item: Item): Promise<Answer> {
    return new Promise((answer, fail) => {
      this.gathering.push({ item, answer, fail });
      if (!this.isBusy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    while (this.gathering.length > 0) {
      const batch = this.gathering;
      this.gathering = [];
      try {
        const answers = await this.work(batch.map(({ item }) => item));
        batch.forEach(({ answer }, nth) => answer(answers[nth] as Answer));
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    this.isBusy = false;
  }
}
