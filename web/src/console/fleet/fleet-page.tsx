import { Empty } from '../../kit/elements.tsx';

export default function FleetPage() {
  return <Empty title="Fleet">There is nothing here yet.</Empty>;
}
