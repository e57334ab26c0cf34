import { expect } from '@jest/globals';

/** What every problem must look like. */
export const PROBLEM = (status: number) => ({
  status,
  headers: expect.objectContaining({
    'content-type': 'application/problem+json',
    'x-request-id': expect.any(String),
    'x-ratelimit-limit': '10000',
    'x-ratelimit-remaining': expect.any(String),
  }),
  body: expect.objectContaining({
    type: expect.stringMatching(/^urn:latchkey:problem:/),
    status,
    instance: expect.stringMatching(/^urn:request:/),
    error: expect.objectContaining({ code: expect.any(String), message: expect.any(String) }),
  }),
});
