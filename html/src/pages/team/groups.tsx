// SPDX-License-Identifier: MIT
// The teams, and the members of one.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../lib/api";
import { count, counted } from "../../lib/format";
import { query } from "../../lib/route";
import { nameTab } from "../../lib/tell";
import type { Group, GroupDetail } from "../../lib/types";
import { Fault } from "../../parts/fault";
import { Search } from "../../parts/fields";
import { Icon } from "../../parts/icon";
import { More, useFetched } from "../../parts/pages";
import { Time } from "../../parts/time";
import { tCommon } from "../../texts/en/common";
import { tTeam } from "../../texts/en/team";

export function Groups() {
  const wanted = query.value.get("search") ?? "";
  const asked = new URLSearchParams({ limit: "100" });
  if (wanted) asked.set("search", wanted);
  const list = useFetched<Group>(`/team/groups?${asked}`);
  const shown = list.items;
  return (
    <section class="card flush" aria-label={tTeam.groups}>
      <div class="bar">
        <span class="quiet">{list.first ? counted(shown.length, "team") : tCommon.loading}</span>
        <span class="line small-buttons">
          <Search />
          {shown.length > 0 ? (
            <a
              class="button"
              href={`/team/groups.csv?formulas=escape${wanted ? `&search=${encodeURIComponent(wanted)}` : ""}`}
            >
              <Icon name="down" />
              {tTeam.asCsv}
            </a>
          ) : null}
        </span>
      </div>
      <Fault fault={list.fault} />
      {shown.length > 0 ? (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">{tTeam.team}</th>
              <th scope="col" class="number">
                {tTeam.members}
              </th>
              <th scope="col">{tTeam.createdOn}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.uid} data-team={one.name}>
                <th scope="row">
                  <a href={`/team/groups/${one.uid}`}>{one.name}</a>
                </th>
                <td class="number" data-label={tTeam.members}>
                  {count(one.member_count)}
                </td>
                <td data-label={tTeam.createdOn}>
                  <Time at={one.created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : list.first ? (
        <p class="empty">
          <span>{wanted ? tTeam.noneFound : tTeam.noGroups}</span>
          <a href="/team">{tTeam.title}</a>
        </p>
      ) : null}
      <More next={list.next} more={list.more} />
    </section>
  );
}

export function OneGroup({ uid }: { uid: string }) {
  const [group, setGroup] = useState<GroupDetail | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const load = async (before: GroupDetail | null) => {
    const cursor = before?.next ? `&cursor=${encodeURIComponent(before.next)}` : "";
    try {
      const page = await get<GroupDetail>(`/team/groups/${uid}?limit=100${cursor}`);
      setGroup({ ...page, members: [...(before?.members ?? []), ...page.members] });
    } catch (caught) {
      setFault(caught);
    }
  };
  useEffect(() => {
    void load(null);
  }, [uid]);
  useEffect(() => {
    if (group) nameTab(group.name);
  }, [group?.name]);
  if (fault) return <Fault fault={fault} />;
  if (!group) return <p class="quiet">{tCommon.loading}</p>;
  return (
    <>
      <p class="crumbs">
        <a href="/team/groups">{tTeam.groups}</a>
      </p>
      <h1>{group.name}</h1>
      <section class="card flush" aria-label={tTeam.members}>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">{tTeam.name}</th>
              <th scope="col">{tTeam.email}</th>
              <th scope="col">{tTeam.role}</th>
            </tr>
          </thead>
          <tbody>
            {group.members.map((one) => (
              <tr key={one.uid}>
                <th scope="row">{one.name}</th>
                <td class="wrap" data-label={tTeam.email}>
                  {one.email}
                </td>
                <td data-label={tTeam.role}>{one.role}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <More next={group.next} more={() => load(group)} />
      </section>
    </>
  );
}
