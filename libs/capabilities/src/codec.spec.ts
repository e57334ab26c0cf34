import { describe, expect, it } from '@jest/globals';
import { oneOf } from './codec.ts';

describe(oneOf, () => {
  const codec = oneOf({ Open: 'OPEN', Done: 'CLOSED', Lost: null });

  it('translates the words of its table, both ways', () => {
    expect((['Open', 'Done', 'Lost'] as const).map(codec.decode)).toEqual(['OPEN', 'CLOSED', null]);
    expect((['OPEN', 'CLOSED'] as const).map(codec.encode)).toEqual(['Open', 'Done']);
  });

  it.each(['constructor', '__proto__', 'toString', 'open', ''])('knows no other word, as "%s" is', (word) => {
    expect(codec.decode(word as 'Open')).toBeNull();
  });
});
