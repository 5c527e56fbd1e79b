import { Empty } from '../../kit/elements.tsx';

export default function RescuePage() {
  return <Empty title="Rescue">There is nothing here yet.</Empty>;
}
