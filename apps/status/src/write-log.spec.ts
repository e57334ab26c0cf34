import { describe, expect, it } from '@jest/globals';
import { Problem } from '#problem';
import { readQuery } from './write-log.ts';

describe(readQuery.name, () => {
  it('takes the published categories for the models that they mean', () => {
    expect(readQuery({ write_category: 'service_requests' }, 0).where).toEqual({ $and: [{ model: 'service-requests' }] });
    expect(readQuery({ write_category: 'leases' }, 0).where).toEqual({ $and: [{ model: 'leases' }] });
  });

  it('names every parameter that it can not use', () => {
    const refused = () => readQuery({ limt: '1', limit: '0' }, 0);

    expect(refused).toThrow(Problem);
    try {
      refused();
    } catch (error) {
      expect(Problem.from(error).errors).toMatchObject([
        { pointer: '', parameter: 'limt', code: 'unknown_field' },
        { pointer: '', parameter: 'limit', code: 'invalid_value' },
      ]);
    }
  });
});
