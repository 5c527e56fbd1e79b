/** Indexes that the queries of the API and dispatch need; each one costs every commit something. */
export const ACTOR_STORAGE = [
  {
    name: 'order',
    columnIndexes: [
      // A customer's own list, and a driver's, newest first.
      { name: 'customer_recent', key: { customerId: 1, createdAt: -1 } },
      {
        name: 'driver_recent',
        key: { driverId: 1, createdAt: -1 },
        partial: { driverId: { $exists: true } },
      },
      // All orders, newest first: the operators' list and the numbers. The instant never
      // changes, so it costs an order its birth and no step after that.
      { name: 'recent', key: { createdAt: -1 } },
      // The operators' board: live orders only, by zone.
      {
        name: 'board',
        key: { zone: 1, createdAt: -1 },
        partial: { live: true },
      },
    ],
  },
  {
    name: 'shift',
    columnIndexes: [
      { name: 'driver_recent', key: { driverId: 1, createdAt: -1 } },
      { name: 'on_duty', key: { zone: 1, createdAt: -1 }, partial: { live: true } },
    ],
  },
] as const;
