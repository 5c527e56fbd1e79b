import { useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { exec } from 'preact-iso/router';
import { Empty } from '../kit/elements.tsx';
import { LinkState } from '../kit/link-state.tsx';
import { SignOut } from '../kit/sign-out.tsx';
import { ThemeSwitch } from '../kit/theme-switch.tsx';
import { useCustomer } from './customer-context.tsx';
import { OrderPage } from './order/order-page.tsx';
import { OrdersPage } from './orders/orders-page.tsx';
import { ShopPage } from './shop/shop-page.tsx';

/** What is around every page, and which page an address means. */
export function App() {
  const { session, user, orders } = useCustomer();
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  const live = orders.live.value.length;

  // A new page begins at its top, and is where the keyboard goes on.
  useLayoutEffect(() => {
    if (last.current === path) return;
    last.current = path;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);

  const current = (to: string) => (path === to ? { 'aria-current': 'page' as const } : {});
  return (
    <>
      <header class="top">
        <a class="brand" href="/">
          Waybill
        </a>
        <nav aria-label="Pages" class="tabs">
          <a href="/" {...current('/')}>
            Shop
          </a>
          <a href="/orders" {...current('/orders')}>
            My orders
            <span class={`count num ${live > 0 ? 'some' : ''}`}>
              {live}
              <span class="sr-only"> under way</span>
            </span>
          </a>
        </nav>
        <div class="own">
          <LinkState link={session.link} />
          <ThemeSwitch />
          <SignOut session={session} user={user} />
        </div>
      </header>
      <main ref={main} tabIndex={-1} class="page">
        <Page path={path} />
      </main>
    </>
  );
}

function Page({ path }: { path: string }) {
  if (path === '/') return <ShopPage />;
  if (path === '/orders') return <OrdersPage />;
  const found = exec(path, '/orders/:id') as { params: { id?: string } } | undefined;
  const id = found?.params.id;
  if (id) return <OrderPage key={id} orderId={id} />;
  return (
    <Empty title="There is no such page">
      <a href="/">To the shop</a>
    </Empty>
  );
}
