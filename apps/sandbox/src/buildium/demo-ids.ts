/** The ids of the demo records: fixed, so that examples and tests can name them. */
export const demoIds = {
  rentals: { maple: 1001, harbor: 1002 },
  units: { maple1: 2001, maple2: 2002, maple3: 2003, maple4: 2004, harborA: 2005, harborB: 2006 },
  leases: { maple1: 3001, maple2: 3002, harborA: 3003, maple3Future: 3004 },
  tenants: { noor: 4001, elias: 4002, mira: 4003, jonas: 4004, full: 4005 },
  applicants: { fresh: 5001, approved: 5002, rejected: 5003 },
  vendors: { plumber: 6001, electrician: 6002, gardener: 6003 },
  tasks: { leak: 7001, outlet: 7002, hedge: 7003 },
  workOrders: { leak: 8001, outlet: 8002, hedge: 8003 },
  transactions: { rentCharge: 9001, depositCharge: 9002, rentPayment: 9003 },
  notes: { tenant: 9501, applicant: 9502 },
  users: { manager: 9901, leasing: 9902, maintenance: 9903 },
  owners: { hill: 9951, coast: 9952 },
  glAccounts: { rentIncome: 3, securityDeposit: 5, lateFees: 7, repairs: 11, operatingBank: 21 },
  bankAccounts: { operating: 31, deposits: 32 },
  taskCategories: { plumbing: 41, electrical: 42, grounds: 43 },
  vendorCategories: { plumbing: 51, electrical: 52, landscaping: 53 },
} as const;
