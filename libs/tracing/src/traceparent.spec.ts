import { describe, expect, it } from '@jest/globals';
import { readTraceparent, traceparentNow, writeTraceparent } from './traceparent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe(readTraceparent, () => {
  it('reads what it writes', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    const place = readTraceparent(text);

    expect(place).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
    expect(place && writeTraceparent(place)).toBe(text);
  });

  it('reads a later version, which may say more', () => {
    expect(readTraceparent(`01-${TRACE}-${SPAN}-03-more`)).toMatchObject({ traceId: TRACE, traceFlags: 1 });
  });

  it.each([
    ['nothing', undefined],
    ['no place', ''],
    ['a forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['more than this version says', `00-${TRACE}-${SPAN}-01-more`],
    ['a line break', `00-${TRACE}-${SPAN}-01\r\nx: y`],
  ])('takes %s for no place', (_, text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});

describe(traceparentNow, () => {
  it('is nothing while tracing is off', () => {
    expect(traceparentNow()).toBeUndefined();
  });
});
