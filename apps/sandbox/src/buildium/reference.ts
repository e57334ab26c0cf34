/** What is only read here: staff, owners, accounts and categories, all from the demo records. */
import { notFound, ok, type Handlers } from './api.ts';
import { answerList, byUpdate, contains } from './listing.ts';
import type { ReferenceRecord } from './store.ts';

const messageOf = <Message>({ message }: ReferenceRecord<Message>): Required<Message> => message;
const nameOf = ({ FirstName, LastName, CompanyName }: Record<'FirstName' | 'LastName' | 'CompanyName', string | null>): string =>
  [FirstName, LastName, CompanyName].filter(Boolean).join(' ');

export const referenceHandlers = {
  'GET /v1/users': (call) =>
    answerList(
      call,
      call.store.users.all(),
      {
        roleids: ({ message }, ids) => ids.includes(message.UserRole?.Id ?? 0),
        usertypes: ({ message }, types) => types.some((type) => message.UserTypes?.includes(type)),
        status: ({ message }, status) => message.IsActive === (status === 'Active'),
        name: ({ message }, part) => contains(nameOf(message), part),
        email: ({ message }, part) => contains(message.Email, part) || contains(message.AlternateEmail, part),
      },
      messageOf,
    ),

  'GET /v1/users/{userId}': ({ params, store }) => {
    const user = store.users.get(params.userId);
    return user ? ok(user.message) : notFound('userId', params.userId);
  },

  'GET /v1/rentals/owners': (call) => {
    const { store } = call;
    return answerList(
      call,
      store.owners.all(),
      {
        ...byUpdate,
        propertyids: ({ message }, ids) => (message.PropertyIds ?? []).some((id) => ids.includes(id)),
        status: ({ message }, status) => message.IsActive === (status === 'Active'),
        agreementdaysremaining: ({ message }, days) => {
          const endMs = Date.parse(message.ManagementAgreementEndDate ?? '');
          return endMs - call.world.now().getTime() <= days * 24 * 3_600_000;
        },
        ownername: ({ message }, part) => contains(nameOf(message), part),
        phone: ({ message }, part) => (message.PhoneNumbers ?? []).some(({ Number }) => contains(Number, part)),
      },
      messageOf,
    );
  },

  'GET /v1/rentals/owners/{rentalOwnerId}': ({ params, store }) => {
    const owner = store.owners.get(params.rentalOwnerId);
    return owner ? ok(owner.message) : notFound('rentalOwnerId', params.rentalOwnerId);
  },

  'GET /v1/glaccounts': (call) =>
    answerList(
      call,
      call.store.glAccounts.all(),
      { accounttypes: ({ message }, types) => types.includes(message.Type) },
      messageOf,
    ),

  'GET /v1/glaccounts/{glAccountId}': ({ params, store }) => {
    const account = store.glAccounts.get(params.glAccountId);
    return account ? ok(account.message) : notFound('glAccountId', params.glAccountId);
  },

  'GET /v1/bankaccounts': (call) =>
    answerList(
      call,
      call.store.bankAccounts.all(),
      {
        bankaccountstatus: ({ message }, status) => message.IsActive === (status === 'Active'),
        bankname: ({ message }, part) => contains(message.Name, part),
        routingnumbers: ({ message }, numbers) => numbers.includes(message.RoutingNumber ?? ''),
      },
      messageOf,
    ),

  'GET /v1/bankaccounts/{bankAccountId}': ({ params, store }) => {
    const account = store.bankAccounts.get(params.bankAccountId);
    return account ? ok(account.message) : notFound('bankAccountId', params.bankAccountId);
  },

  'GET /v1/tasks/categories': (call) => answerList(call, call.store.taskCategories.all(), {}, messageOf),

  'GET /v1/tasks/categories/{taskCategoryId}': ({ params, store }) => {
    const category = store.taskCategories.get(params.taskCategoryId);
    return category ? ok(category.message) : notFound('taskCategoryId', params.taskCategoryId);
  },

  'GET /v1/vendors/categories': (call) => answerList(call, call.store.vendorCategories.all(), {}, messageOf),

  'GET /v1/vendors/categories/{vendorCategoryId}': ({ params, store }) => {
    const category = store.vendorCategories.get(params.vendorCategoryId);
    return category ? ok(category.message) : notFound('vendorCategoryId', params.vendorCategoryId);
  },
} satisfies Partial<Handlers>;
