/** `/v1/applicants`. Applications themselves are not written through the API; a new applicant has none. */
import type { ApplicantDetailsMessage } from '#pms/buildium/wire';
import { created, notFound, ok, unprocessable, type Handlers } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import { noted, renderPhones } from './render.ts';
import { referenceIssues } from './rules.ts';
import type { ApplicantRecord, Store } from './store.ts';

export function renderApplicant(store: Store, applicant: ApplicantRecord): Required<ApplicantDetailsMessage> {
  const { body } = applicant;
  return {
    Id: applicant.id,
    ApplicantGroupId: null,
    PropertyId: store.units.get(body.UnitId)?.propertyId ?? null,
    UnitId: body.UnitId ?? null,
    TenantId: applicant.tenantId,
    FirstName: body.FirstName,
    LastName: body.LastName,
    Email: body.Email ?? null,
    PhoneNumbers: renderPhones(body.PhoneNumbers),
    Status: applicant.status,
    Applications: applicant.applications,
    UnsubmittedApplications: [],
    LastUpdatedDateTime: applicant.updated,
  };
}

export const applicantHandlers = {
  'GET /v1/applicants': (call) => {
    const { query, store } = call;
    const rentalOf = ({ body }: ApplicantRecord) => store.rentals.get(store.units.get(body.UnitId)?.propertyId);
    return answerList(
      call,
      store.applicants.all(),
      {
        ...byUpdate,
        // The two filters are one: the type says what the id means.
        entitytype: () => true,
        entityid: (applicant, id) => {
          const rental = rentalOf(applicant);
          return query.entitytype === 'RentalOwner' ? Boolean(rental?.ownerIds.includes(id)) : rental?.id === id;
        },
        applicationstatuses: ({ status, applications }, statuses) =>
          [status, ...applications.map(({ ApplicationStatus }) => ApplicationStatus)].some((one) =>
            statuses.some((wanted) => wanted === one),
          ),
        unitids: ({ body }, ids) => typeof body.UnitId === 'number' && ids.includes(body.UnitId),
        name: ({ body }, part) => contains(`${body.FirstName} ${body.LastName}`, part),
        email: ({ body }, part) => contains(body.Email, part),
        applicationsubmittedstartdate: ({ applications }, from) =>
          applications.some(({ ApplicationSubmittedDateTime }) => (ApplicationSubmittedDateTime ?? '') >= from),
        applicationsubmittedenddate: ({ applications }, to) =>
          applications.some(({ ApplicationSubmittedDateTime }) => (ApplicationSubmittedDateTime ?? '') <= to),
      },
      (applicant) => renderApplicant(store, applicant),
    );
  },

  'POST /v1/applicants': (call) => {
    const { SendRentalApplicationEmail: _notSent, ...body } = call.body;
    const { store, world } = call;
    if (typeof body.UnitId === 'number' && !store.units.has(body.UnitId)) return notFound('UnitId', body.UnitId);

    const applicant = store.applicants.add({
      ...store.applicants.born(world.now()),
      body,
      status: 'New',
      tenantId: null,
      applications: [],
      noteIds: [],
    });
    const message = renderApplicant(store, applicant);
    return created(
      `/v1/applicants/${applicant.id}`,
      noted(call, { resource: 'Applicant', action: 'create', id: applicant.id }, message),
    );
  },

  'GET /v1/applicants/{applicantId}': ({ params, store }) => {
    const applicant = store.applicants.get(params.applicantId);
    return applicant ? ok(renderApplicant(store, applicant)) : notFound('applicantId', params.applicantId);
  },

  'PUT /v1/applicants/{applicantId}': (call) => {
    const { body, params, store, now } = call;
    const applicant = store.applicants.get(params.applicantId);
    if (!applicant) return notFound('applicantId', params.applicantId);
    const issues = referenceIssues('UnitId', store.units, body.UnitId);
    if (issues.length > 0) return unprocessable(issues);

    applicant.body = body;
    applicant.updated = now;
    const message = renderApplicant(store, applicant);
    return ok(noted(call, { resource: 'Applicant', action: 'update', id: applicant.id }, message));
  },
} satisfies Partial<Handlers>;
