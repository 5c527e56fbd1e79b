import { Empty } from '../../kit/elements.tsx';

export default function ChartPage() {
  return <Empty title="Chart">There is nothing here yet.</Empty>;
}
