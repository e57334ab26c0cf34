import { describe, expect, it } from '@jest/globals';
import { Problem } from '#problem';
import { assertNotEncoded, objectBody, parseJson } from './body.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const issuesOf = (text: string) => {
  try {
    parse(text);
    return [];
  } catch (error) {
    return Problem.from(error).errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
};
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe(parseJson.name, () => {
  it('reads what JSON can say', () => {
    expect(parse('{"a":[1,-2.5,true,null,"ü😀"],"b":{}}')).toEqual({ a: [1, -2.5, true, null, 'ü😀'], b: {} });
    expect(parseJson(Buffer.alloc(0))).toBeUndefined();
  });

  it('takes 32 levels and not one more', () => {
    expect(issuesOf(nested(33))).toEqual([]);
    expect(issuesOf(nested(34))).toEqual([': The body is nested deeper than 32 levels.']);
  });

  it('takes 10,000 values and not one more', () => {
    const list = (length: number) => JSON.stringify(Array.from({ length }, () => 1));

    expect(issuesOf(list(9_999))).toEqual([]);
    expect(issuesOf(list(10_000))).toEqual([': The body holds more than 10000 values.']);
  });

  it('points to everything that can not be kept as it was sent', () => {
    const found = issuesOf(
      '{"a":["x\\u0000"],"b/c":"\\udfff","n":12345678901234567890,"m":1e999,"__proto__":1,"o":{"constructor":2}}',
    );

    expect(found.map((issue) => issue.split(':')[0])).toEqual(['/a/0', '/b~1c', '/n', '/m', '/__proto__', '/o/constructor']);
  });

  it('takes the biggest exact integers and any finite fraction', () => {
    expect(issuesOf('[9007199254740991,-9007199254740991,0.1,1e-300]')).toEqual([]);
    expect(issuesOf('[9007199254740992]')).toHaveLength(1);
  });

  it('refuses a name that no field has', () => {
    expect(issuesOf(`{"${'x'.repeat(200)}":1}`)).toEqual([]);
    expect(issuesOf(`{"${'x'.repeat(201)}":1}`)).toEqual([': The name of a member has more than 200 characters.']);
  });

  it('refuses a member that stands twice, whatever texts look like', () => {
    expect(issuesOf('{"a":1,"b":{"c":1,"c":2}}')).toEqual([': A member of an object stands twice.']);
    expect(issuesOf('{"a":"x\\":y","b:":["::\\\\",{"c":":"}]}')).toEqual([]);
  });

  it('lists the first hundred of many issues', () => {
    expect(issuesOf(JSON.stringify(Array.from({ length: 5_000 }, () => '\0')))).toHaveLength(100);
  });

  it('refuses a name that can not be stored', () => {
    expect(issuesOf('{"a\\u0000":1}')).toHaveLength(1);
  });
});

describe(objectBody.name, () => {
  it.each([undefined, null, 1, 'x', [], [{}]])('refuses %j', (body) => {
    expect(() => objectBody(body)).toThrow('must be a JSON object');
  });
});

describe(assertNotEncoded.name, () => {
  it('lets a body pass only as it is', () => {
    expect(() => assertNotEncoded(undefined)).not.toThrow();
    expect(() => assertNotEncoded('Identity')).not.toThrow();
    expect(() => assertNotEncoded('gzip')).toThrow('without Content-Encoding');
  });
});
