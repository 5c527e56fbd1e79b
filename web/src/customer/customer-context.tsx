import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo } from 'preact/hooks';
import type { SignedIn } from '../kit/mount.tsx';
import { type City, createCity } from './state/city.ts';
import { createMyOrders, type MyOrders } from './state/my-orders.ts';
import { createPlacing, type Placing } from './state/placing.ts';

/** What every page of a customer works with. */
export interface Customer extends SignedIn {
  city: City;
  orders: MyOrders;
  placing: Placing;
}

const CustomerContext = createContext<Customer | undefined>(undefined);

export function useCustomer(): Customer {
  const customer = useContext(CustomerContext);
  if (!customer) throw new Error('nobody is signed in');
  return customer;
}

/** Begins with a customer who signs in, and ends with them. */
export function CustomerProvider(props: { signedIn: SignedIn; children: ComponentChildren }) {
  const { signedIn, children } = props;
  const customer = useMemo(() => {
    const { client, session, user } = signedIn;
    return {
      ...signedIn,
      city: createCity(client),
      orders: createMyOrders(client, session.link),
      placing: createPlacing(client, session.link, user.userId),
    };
  }, [signedIn.client]);
  useEffect(() => {
    const stops = [customer.orders.start(), customer.placing.start()];
    return () => {
      for (const stop of stops) stop();
    };
  }, [customer]);
  return <CustomerContext.Provider value={customer}>{children}</CustomerContext.Provider>;
}
