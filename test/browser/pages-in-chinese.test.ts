// Every page of the console in Chinese.
import { guardAgainstBarriers } from "./support/page-guards.ts";

guardAgainstBarriers("zh");
