// SPDX-License-Identifier: MIT
import { mount } from "../../parts/page";
import { StatusPage } from "./status";

mount(<StatusPage />);
