/** What a program written for the published API sends and expects, where a stricter reading of it would turn the program away. */
import { describe, expect, it } from '@jest/globals';
import { useWorld } from '../support/world.ts';

const world = useWorld('published-client');
const VENDORS = ['BUILDIUM', 'RENTMANAGER'];

describe('a program of the published API', () => {
  it.each(VENDORS)('joins units of %s to their properties by either id', async (vendor) => {
    const property = await world().find('properties', vendor);

    expect(property).toMatchObject({ property_id: property.id, x_property_id: property.x_id });
    const asked = `integration_id=${property.integration_id}&x_property_id=${property.x_id}`;
    const { body } = await world().api.get(`/v1/properties/?${asked}`);
    expect(body.results.map(({ id }: { id: string }) => id)).toEqual([property.id]);
  });

  it('repeats the id of a record in the body of its update', async () => {
    const models = { residents: 'resident_id', units: 'unit_id', properties: 'property_id', vendors: 'vendor_id' };
    for (const [model, own] of Object.entries(models)) {
      const record = await world().find(model, 'RENTMANAGER');
      const body = { integration_id: record.integration_id, [own]: record.id, notes: 'Seen.', first_name: 'Ann' };

      const answer = await world().api.put(`/v1/${model}/${record.id}/?dry_run=true&ignore_unknown_fields=true`, body);

      expect({ model, status: answer.status, ignored: answer.body.meta?.ignored_fields.includes(own) }).toEqual({
        model,
        status: 200,
        ignored: false,
      });
    }
  });

  it('finds units by unit_number, in an order without a direction', async () => {
    const { number } = await world().find('units', 'BUILDIUM');

    const { body } = await world().api.get(`/v1/units/?unit_number=${encodeURIComponent(number)}&order-by=created_at`);

    expect(body.meta.orderBy).toEqual([{ field: 'created_at', direction: 'asc' }]);
    expect(body.results.length).toBeGreaterThan(0);
    expect(new Set(body.results.map((unit: { number: string }) => unit.number))).toEqual(new Set([number]));
  });

  it('sends the parameters of lists when it reads one record', async () => {
    const { id } = await world().find('leases', 'BUILDIUM');
    const paging = 'order-by=created_at:desc&offset=0&limit=100';

    expect((await world().api.get(`/v1/leases/${id}/?${paging}`)).status).toBe(200);
    expect((await world().admin.get(`/v1/admin/integrations/${world().integration('BUILDIUM')}/?${paging}`)).status).toBe(200);
  });

  it('narrows the log of writes by a published category', async () => {
    const request = await world().find('service-requests', 'BUILDIUM');
    const { body } = await world().api.put(`/v1/service-requests/${request.id}`, { service_details: 'Leaks again.' });

    const log = (await world().api.get('/v1/admin/logs/writes/?write_category=service_requests&time_range=hour')).body;

    expect(log.results.logs.map(({ job_id }: { job_id: string }) => job_id)).toContain(body.job_id);
  });
});
