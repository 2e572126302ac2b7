import { CustomChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { CustomSeriesRenderItem, SeriesOption } from 'echarts/types/dist/shared';
import type { Run } from './record.ts';
import { describeSvg } from './shapes.ts';

use([CustomChart, ScatterChart, GridComponent, MarkAreaComponent, TitleComponent, SVGRenderer]);

const colors = ['#2f6fb5', '#d9822b', '#3a9d6e', '#8e5ba6', '#b5474f'];
const rowHeight = 26;

/** A picture of a run: lives of tokens above, logins of connections below, on one axis of time. */
export function draw(run: Run): string {
  const rows = [
    'token requests',
    ...run.tokens.map((_, index) => `token ${index + 1}`),
    ...run.connections.map(({ name }) => name),
  ];
  const height = 110 + rows.length * rowHeight;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 860, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: {
      text: `${run.commands.toLocaleString('en')} commands, ${run.failed} failed; ${run.cut} connections closed by expiry`,
      subtext: `tokens are valid for ${run.lifetimeS} s here, about an hour on Azure; × a request that failed, ● a login that the cache accepted`,
      left: 8,
      top: 4,
      textStyle: { fontSize: 14 },
    },
    grid: { left: 140, right: 24, top: 64, bottom: 40 },
    xAxis: { type: 'value', min: 0, max: run.endS, name: 'seconds', nameLocation: 'middle', nameGap: 24 },
    yAxis: { type: 'category', inverse: true, data: rows, axisTick: { show: false }, splitLine: { show: true } },
    series: [...bars(run), ...points(run)],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${describeSvg(svg, 'A run of tokens and connections', descriptionOf(run))}\n`;
}

const descriptionOf = (run: Run): string =>
  `A chart over ${run.endS} seconds. Above, ${run.tokens.length} tokens whose lifetimes overlap, and the requests for them; requests fail while Entra is away. Below, ${run.connections.length} connections: each logs in with every token in turn, on the same connection. ${run.failed} commands failed, and ${run.cut} connections were closed because a token expired.`;

const colorOf = (token: number): string => colors[token % colors.length] ?? '';

type Series = SeriesOption[];
type Bar = [row: number, fromS: number, toS: number, token: number, thickness: number];

function bars(run: Run): Series {
  const lives = run.tokens.map(({ fromS, toS }, token): Bar => [1 + token, fromS, Math.min(toS, run.endS), token, 16]);
  const used = run.connections.flatMap(({ logins }, index) =>
    logins.map(({ atS, token }, nth): Bar => {
      const until = logins[nth + 1]?.atS ?? run.endS;
      return [1 + run.tokens.length + index, atS, Math.min(until, run.endS), token, 5];
    }),
  );
  const renderItem: CustomSeriesRenderItem = (_params, api) => {
    const [row, fromS, toS, token, thickness] = [0, 1, 2, 3, 4].map((dimension) => Number(api.value(dimension))) as Bar;
    const [left = 0, middle = 0] = api.coord([fromS, row]);
    const [right = 0] = api.coord([toS, row]);
    return {
      type: 'rect',
      shape: { x: left, y: middle - thickness / 2, width: right - left, height: thickness },
      style: { fill: colorOf(token) },
    };
  };
  const outage = {
    silent: true,
    itemStyle: { color: '#f3d9d9' },
    label: { position: 'top', color: '#9b2c2c', fontSize: 11 },
    data: [[{ name: 'Entra is away', xAxis: run.outage.fromS }, { xAxis: run.outage.toS }]],
  };
  return [
    { type: 'custom', renderItem, data: [...lives, ...used], encode: { x: [1, 2], y: 0 }, markArea: outage },
  ] as Series;
}

function points(run: Run): Series {
  const requests = run.requests.map(({ atS, ok }) => ({
    value: [atS, 0],
    symbol: ok ? 'circle' : cross,
    itemStyle: { color: ok ? '#222222' : '#c0392b' },
  }));
  const logins = run.connections.flatMap((connection, index) =>
    connection.logins.map(({ atS, token }) => ({
      value: [atS, 1 + run.tokens.length + index],
      itemStyle: { color: colorOf(token), borderColor: '#ffffff', borderWidth: 1 },
    })),
  );
  return [
    { type: 'scatter', symbolSize: 9, data: requests },
    { type: 'scatter', symbolSize: 10, data: logins },
  ] as Series;
}

const cross = 'path://M2,0 L5,3 L8,0 L10,2 L7,5 L10,8 L8,10 L5,7 L2,10 L0,8 L3,5 L0,2 Z';
