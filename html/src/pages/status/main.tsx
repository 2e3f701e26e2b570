import { mount } from "../../parts/page";

mount(null);
