import { type FunctionComponent, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure, Skeleton } from '../kit/elements.tsx';

/** A page whose code is fetched when it is first opened, and kept from then on. */
export function lazyPage<P extends object>(
  load: () => Promise<{ default: FunctionComponent<P> }>,
): FunctionComponent<P> {
  let page: FunctionComponent<P> | undefined;

  return function LazyPage(props: P) {
    const [, redraw] = useState(0);
    const [isLost, setIsLost] = useState(false);
    useEffect(() => {
      if (page) return;
      load().then(
        (loaded) => {
          page = loaded.default;
          redraw(1);
        },
        () => setIsLost(true),
      );
    }, []);
    if (page) return h(page, props);
    // A newer version of the console names its files anew.
    if (isLost) {
      return (
        <div class="pad">
          <Failure
            message="This page could not be fetched: the server is away, or there is a newer console."
            onRetry={() => location.reload()}
          />
        </div>
      );
    }
    return <Skeleton lines={6} />;
  };
}
