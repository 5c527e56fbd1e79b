const FIRST = [
  ...['Inês', 'João', 'Marta', 'Tiago', 'Leonor', 'Rui', 'Beatriz', 'Miguel', 'Sofia', 'André'],
  ...[
    'Carla',
    'Nuno',
    'Helena',
    'Pedro',
    'Joana',
    'Vasco',
    'Rita',
    'Duarte',
    'Clara',
    'Hugo',
    'Alice',
  ],
];
const LAST = [
  ...['Almeida', 'Barros', 'Carvalho', 'Dias', 'Esteves', 'Faria', 'Gomes', 'Henriques', 'Lopes'],
  ...['Matos', 'Neves', 'Pinto', 'Reis', 'Santos', 'Teixeira', 'Vaz'],
];

/** What the nth person of a day is called; the first 336 are all called differently. */
export const nameOf = (nth: number): string =>
  `${FIRST[nth % FIRST.length]} ${LAST[nth % LAST.length]}`;
