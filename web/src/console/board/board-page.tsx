import { Empty } from '../../kit/elements.tsx';

export default function BoardPage() {
  return <Empty title="Board">There is nothing here yet.</Empty>;
}
