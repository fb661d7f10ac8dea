// Every page of the console in English.
import { guardAgainstBarriers } from "./support/page-guards.ts";

guardAgainstBarriers("en");
