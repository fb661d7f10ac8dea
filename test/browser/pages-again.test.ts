// Every page of the console after a reload and after Back.
import { guardReturning } from "./support/page-guards.ts";

guardReturning();
