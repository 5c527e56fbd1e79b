declare module 'virtual:order-chart' {
  const layout: import('../../../../charts/chart-layout.ts').ChartLayout;
  export default layout;
}
