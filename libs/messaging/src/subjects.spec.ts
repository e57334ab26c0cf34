import { describe, expect, it } from '@jest/globals';
import { claimJob, everythingUnder, openWrite, subject, subjectOf } from './index.ts';

describe(subject.name, () => {
  it.each(['*', '>', 'a.b', 'a b', '', 'a\r\nPUB x 0', '\u0000', 'x'.repeat(65), 'é'])('refuses the token %j', (token) => {
    expect(() => subject('job', token)).toThrow('Not a subject token');
  });

  it('puts the namespace first and opens only the end of a filter', () => {
    expect(subject('job', 'buildium')).toBe('latchkey.job.buildium');
    expect(everythingUnder('event')).toBe('latchkey.event.>');
  });
});

describe(subjectOf.name, () => {
  it('ends in the PMS where the contract is per PMS, and only there', () => {
    expect(subjectOf(claimJob, 'buildium')).toBe('latchkey.ledger.claim.buildium');
    expect(subjectOf(claimJob, '*')).toBe('latchkey.ledger.claim.*');
    expect(subjectOf(openWrite)).toBe('latchkey.ledger.open');
    expect(() => subjectOf(claimJob)).toThrow('needs a PMS');
    expect(() => subjectOf(claimJob, '>')).toThrow('Not a subject token');
  });
});
