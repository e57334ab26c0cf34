import { describe, expect, it } from '@jest/globals';
import { modelOf } from '#models';
import { Lease } from '#models/lease';
import { Property } from '#models/property';
import { ServiceRequest } from '#models/service-request';
import { ownIdNames } from './own-fields.ts';

describe(ownIdNames.name, () => {
  it('has the published names of the id of the record that is changed', () => {
    expect(ownIdNames(modelOf(ServiceRequest))).toEqual(['id', 'service_request_id', 'request_id']);
    expect(ownIdNames(modelOf(Lease))).toEqual(['id', 'lease_id']);
  });

  it('has the one that the model itself shows and no caller can set', () => {
    expect(ownIdNames(modelOf(Property))).toContain('property_id');
  });
});
