import { BarChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Measured, Results } from '../types.ts';

use([BarChart, GridComponent, TitleComponent, SVGRenderer]);

export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** A chart of the ratios of each group: 1 is the peer. */
export function toCharts({ metrics }: Results): Chart[] {
  const groups = [...new Set(metrics.map(groupOf))];
  return groups.map((group) => {
    const members = metrics.filter((metric) => groupOf(metric) === group && metric.ratio !== null);
    return { file: `${group}.svg`, title: group, svg: draw(group, members) };
  });
}

const groupOf = ({ name }: Measured): string => name.slice(0, name.indexOf('/'));

function draw(group: string, metrics: readonly Measured[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 90 + metrics.length * 34 });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: `${group}: ours / peer`, left: 8, top: 6, textStyle: { fontSize: 14 } },
    grid: { left: 300, right: 70, top: 44, bottom: 30 },
    xAxis: { type: 'value', min: 0 },
    yAxis: { type: 'category', inverse: true, data: metrics.map(({ name }) => name) },
    series: [
      {
        type: 'bar',
        data: metrics.map(({ ratio }) => ratio),
        label: { show: true, position: 'right' },
        itemStyle: { color: '#2f6fb5' },
        barMaxWidth: 18,
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
