import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Measured, Results, Series } from '../figures/types.ts';
import { groupOf } from './groups.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly group: string;
  readonly kind: 'ratios' | 'series';
  readonly svg: string;
}

/** A chart of the ratios of each group, where 1 is the peer; and one of each metric that was followed over time. */
export function toCharts({ metrics }: Results): Chart[] {
  const groups = [...new Set(metrics.map(groupOf))];
  const ratios = groups.map((group) => {
    const members = metrics.filter((metric) => groupOf(metric) === group && metric.ratio !== null);
    return { file: `${group}.svg`, title: group, group, kind: 'ratios' as const, svg: drawRatios(group, members) };
  });
  const series = metrics
    .filter((metric): metric is Measured & { series: Series } => metric.series !== undefined)
    .map((metric) => ({
      file: seriesFile(metric),
      title: metric.name,
      group: groupOf(metric),
      kind: 'series' as const,
      svg: drawSeries(metric),
    }));
  return [...ratios, ...series];
}

export const seriesFile = ({ name }: Pick<Measured, 'name'>): string => `${name.replaceAll('/', '-')}.svg`;

function render(
  size: { width: number; height: number },
  option: Parameters<ReturnType<typeof init>['setOption']>[0],
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

function drawRatios(group: string, metrics: readonly Measured[]): string {
  return render(
    { width: 760, height: 90 + metrics.length * 34 },
    {
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
    },
  );
}

/** A logarithmic scale: without jitter everything happens in one second. It has no zero. */
function drawSeries({ name, peerName, series }: Measured & { series: Series }): string {
  const line = (title: string, points: readonly number[], color: string) => ({
    name: title,
    type: 'line' as const,
    symbol: 'circle',
    symbolSize: 4,
    data: points.map((value, minute) => [minute, value > 0 ? value : null]),
    lineStyle: { width: 1.5, color },
    itemStyle: { color },
  });
  return render(
    { width: 760, height: 300 },
    {
      title: { text: `${name}: ${series.unit}`, left: 8, top: 6, textStyle: { fontSize: 14 } },
      legend: { top: 28, left: 8 },
      grid: { left: 70, right: 30, top: 64, bottom: 44 },
      xAxis: {
        type: 'value',
        name: 'minutes after the start',
        nameLocation: 'middle',
        nameGap: 26,
        max: series.ours.length,
      },
      yAxis: { type: 'log', min: 1 },
      series: [line('ours', series.ours, '#2f6fb5'), line(peerName, series.peer, '#c4622d')],
    },
  );
}
