import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.ts';

describe(RouteTable.name, () => {
  const table = new RouteTable();
  table.add('/v1/:model', ['GET', 'HEAD']);
  table.add('/v1/:model', 'POST');
  table.add('/v1/:model/:id', 'PUT');
  table.add('/v1/admin/:id', 'GET');

  it('gathers the methods of a path, whatever its query and trailing slash', () => {
    expect(table.methodsOf('/v1/a')).toEqual(['GET', 'HEAD', 'POST']);
    expect(table.methodsOf('/v1/a/?b=/c/d')).toEqual(['GET', 'HEAD', 'POST']);
  });

  it('means the more fixed of two patterns', () => {
    expect(table.methodsOf('/v1/a/b')).toEqual(['PUT']);
    expect(table.methodsOf('/v1/admin/b')).toEqual(['GET']);
  });

  it('knows no method of a path that does not exist', () => {
    expect(['/', '/v2/a', '/v1//', '/v1/a/b/c'].map((path) => table.methodsOf(path))).toEqual([[], [], [], []]);
  });
});
