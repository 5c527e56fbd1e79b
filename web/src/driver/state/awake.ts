/** Keeps the screen on, where the browser can, until the returned stop is called. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let stopped = false;

  async function hold(): Promise<void> {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
      if (stopped) await lock.release();
    } catch {
      // Low on battery, the phone decides for itself.
    }
  }

  const onVisible = () => void hold();
  // A hidden page loses its lock.
  document.addEventListener('visibilitychange', onVisible);
  void hold();
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}
