import { Empty } from '../../kit/elements.tsx';

export default function MapPage() {
  return <Empty title="Map">There is nothing here yet.</Empty>;
}
