// SPDX-License-Identifier: MIT
import { sampleCsv } from "../../lib/sample";
import { Icon, type IconName } from "../../parts/icon";
import { Heading, mount } from "../../parts/page";
import { tIndex } from "../../texts/en/index";

const kWays: { href: string; icon: IconName; text: (typeof tIndex.ways)[number] }[] = [
  { href: "/upload", icon: "up", text: tIndex.ways[0] },
  { href: "/team", icon: "people", text: tIndex.ways[1] },
  { href: "/export", icon: "down", text: tIndex.ways[2] },
];

function saveSample(): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([sampleCsv()], { type: "text/csv" }));
  link.download = "sales-sample.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function IndexPage() {
  return (
    <>
      <Heading title={tIndex.title} lead={tIndex.lead} />
      <ul class="ways">
        {kWays.map(({ href, icon, text }) => (
          <li class="card" key={href}>
            <Icon name={icon} />
            <h2>
              <a href={href}>{text.title}</a>
            </h2>
            <p class="quiet">{text.text}</p>
          </li>
        ))}
      </ul>
      <section class="card" id="samples" aria-labelledby="samples-title">
        <h2 id="samples-title">{tIndex.sampleTitle}</h2>
        <p class="quiet">{tIndex.sampleText}</p>
        <p class="line">
          <a class="button primary" href="/upload?sample=1">
            {tIndex.sampleUpload}
          </a>
          <button type="button" onClick={saveSample}>
            <Icon name="down" />
            {tIndex.sampleSave}
          </button>
        </p>
      </section>
      <section class="stack" aria-labelledby="promises-title">
        <h2 id="promises-title">{tIndex.promisesTitle}</h2>
        <ul class="promises">
          {tIndex.promises.map((promise) => (
            <li key={promise}>
              <Icon name="check" />
              <span>{promise}</span>
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="program-title">
        <h2 id="program-title">{tIndex.programTitle}</h2>
        <p class="quiet">{tIndex.programText}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{tIndex.program(location.origin)}</pre>
      </section>
    </>
  );
}

mount(<IndexPage />);
