import { Empty } from '../../kit/elements.tsx';

export default function NumbersPage() {
  return <Empty title="Numbers">There is nothing here yet.</Empty>;
}
