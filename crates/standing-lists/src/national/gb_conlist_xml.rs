//! United Kingdom, OFSI consolidated list, `ConList.xml` in the layout of 2022.
//!
//! A `FinancialSanctionsTarget` is what a row is in the tables: a name with everything else repeated. Its elements are put under the tables'
//! headings and read by [`super::gb_conlist`], so that all forms of one day give the same listings. What the tables write into `Other
//! Information` are elements here ([`super::gb_fields`]). The file bears no date. Seen: a made-up file in the real layout.

use standing_model::Snapshot;

use super::cells;
use super::gb_conlist::{self, LAYOUT_2022};
use crate::error::ReadError;
use crate::note;
use crate::registry::{Document, Format, ReadOptions};
use crate::sheets::Sheet;
use crate::sheets::columns::Columns;
use crate::xml::{self, El, Part, Shape};

/// The format's entry.
pub(crate) const FORMAT: Format = Format {
    id: "gb-conlist-xml",
    lists: &["gb"],
    summary: "United Kingdom, OFSI consolidated list, XML in the layout of 2022",
    part: |bytes| {
        xml::root(bytes)
            .filter(|(root, _)| root == "ArrayOfFinancialSanctionsTarget")
            .map(|_| "")
    },
    sets: None,
    read: |documents, options| documents.iter().map(|document| read(document, options)).collect(),
};

const SHAPE: Shape<'_> = Shape {
    records: &["FinancialSanctionsTarget"],
    counted: &["FinancialSanctionsTarget"],
};

/// Elements and the headings, or the fields of `Other Information`, that they are in the tables.
const HEADINGS: &[(&str, &str)] = &[
    ("Name6", "Name 6"),
    ("name1", "Name 1"),
    ("name2", "Name 2"),
    ("name3", "Name 3"),
    ("name4", "Name 4"),
    ("name5", "Name 5"),
    ("Title", "Title"),
    ("NameNonLatinScript", "Name Non-Latin Script"),
    ("NonLatinScriptType", "Non-Latin Script Type"),
    ("NonLatinScriptLanguage", "Non-Latin Script Language"),
    ("Individual_DateOfBirth", "DOB"),
    ("Individual_TownOfBirth", "Town of Birth"),
    ("Individual_CountryOfBirth", "Country of Birth"),
    ("Individual_Nationality", "Nationality"),
    ("Individual_PassportNumber", "Passport Number"),
    ("Individual_PassportDetails", "Passport Details"),
    ("Individual_NINumber", "National Identification Number"),
    ("Individual_NIDetails", "National Identification Details"),
    ("Individual_Position", "Position"),
    ("Address1", "Address 1"),
    ("Address2", "Address 2"),
    ("Address3", "Address 3"),
    ("Address4", "Address 4"),
    ("Address5", "Address 5"),
    ("Address6", "Address 6"),
    ("PostCode", "Post/Zip Code"),
    ("Country", "Country"),
    ("OtherInformation", "Other Information"),
    ("GroupTypeDescription", "Group Type"),
    ("AliasType", "Alias Type"),
    ("AliasQuality", "Alias Quality"),
    ("RegimeName", "Regime"),
    ("DateListed", "Listed On"),
    ("DateDesignated", "UK Sanctions List Date Designated"),
    ("LastUpdated", "Last Updated"),
    ("GroupID", "Group ID"),
    ("UKSanctionsListRef", "UK Sanctions List Ref"),
    ("UNRef", "UN Ref"),
    ("UKStatementOfReasons", "UK Statement of Reasons"),
    ("PhoneNumber", "Phone number"),
    ("Website", "Website"),
    ("EmailAddress", "Email address"),
    ("Individual_Gender", "Gender"),
    ("Entity_Type", "Type of entity"),
    ("Entity_Subsidiaries", "Subsidiaries"),
    ("Entity_ParentCompany", "Parent company"),
    ("Entity_BusinessRegNumber", "Business Reg No"),
    ("Ship_IMONumber", "IMO number"),
    ("Ship_CurrentOwners", "Current owners"),
    ("Ship_PreviousOwners", "Previous owners"),
    ("Ship_Flag", "Flag of ship"),
    ("Ship_PreviousFlags", "Previous flags"),
    ("Ship_Type", "Type of ship"),
    ("Ship_Tonnage", "Tonnage of ship"),
    ("Ship_Length", "Length of ship"),
    ("Ship_YearBuilt", "Year built"),
    ("Ship_HullIdentificationNumber", "Hull identification number"),
];

/// A sheet being made: its headings grow with what the file holds.
struct Table {
    headings: Vec<String>,
    sheet: Sheet,
}

impl Table {
    fn add(&mut self, element: El<'_, '_>, number: u32) {
        self.sheet.begin_row(number);
        element.unread(|path, value| {
            let heading = HEADINGS.iter().find(|(name, _)| path.eq_ignore_ascii_case(name));
            let heading = heading.map_or(path.as_str(), |(_, heading)| heading);
            let column = self.headings.iter().position(|known| known == heading);
            let column = column.unwrap_or_else(|| {
                self.headings.push(heading.to_owned());
                self.headings.len() - 1
            });
            self.sheet.push(column as u32, crate::sheets::Kind::Text, value);
        });
    }
}

fn read(document: &Document<'_>, options: &ReadOptions) -> Result<Snapshot, ReadError> {
    let text = xml::open(document)?;
    let mut snapshot = Snapshot::new("gb", FORMAT.id);
    let mut table = Table {
        headings: LAYOUT_2022.iter().map(|column| column.heading.to_owned()).collect(),
        sheet: Sheet::new(""),
    };
    let mut seen = 0_u32;
    xml::walk(document.name, &text.text, SHAPE, |part| {
        match part {
            Part::Head(path, value) => snapshot.head.push((path.to_owned(), value.to_owned())),
            Part::Record(element, _) => {
                table.add(element, seen);
                seen += 1;
            }
        }
        Ok(())
    })?;
    table.sheet.end_row();
    let mut headings = Sheet::new("");
    headings.begin_row(0);
    for (at, heading) in table.headings.iter().enumerate() {
        headings.push(at as u32, crate::sheets::Kind::Text, heading);
    }
    let refuse = |what: String| ReadError::Inconsistent {
        document: document.name.to_owned(),
        what,
        remedy: "Get the file from its publisher again".to_owned(),
    };
    let row = headings.row(0).ok_or_else(|| refuse("no headings".to_owned()))?;
    let columns = Columns::of(row, LAYOUT_2022).map_err(refuse)?;
    gb_conlist::rows(&mut snapshot, &columns, &table.sheet, 0, "FinancialSanctionsTarget");
    note::finish(&mut snapshot, options);
    cells::newest(&mut snapshot);
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use standing_model::IdentifierKind;

    use super::*;
    use crate::registry::read_documents;

    fn list(name: &str, text: &str) -> Snapshot {
        let document = Document {
            name,
            bytes: text.as_bytes(),
        };
        let mut outcomes = read_documents(&[document], &ReadOptions::default());
        outcomes.remove(0).result.unwrap().remove(0)
    }

    #[test]
    fn the_xml_says_what_the_table_says() {
        let xml = list(
            "x",
            "<ArrayOfFinancialSanctionsTarget xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><FinancialSanctionsTarget>\
             <Name6>LAST</Name6><name1>First</name1><Title>(1) Dr (2) Prof</Title><Address1>1 Road</Address1><Country>Iraq</Country>\
             <OtherInformation i:nil=\"true\"/><GroupTypeDescription>Individual</GroupTypeDescription><AliasType>Primary name</AliasType>\
             <RegimeName>Iraq</RegimeName><DateListed>2003-07-07T00:00:00</DateListed><Individual_DateOfBirth>28/04/1937</Individual_DateOfBirth>\
             <LastUpdated>2020-12-31T00:00:00</LastUpdated><GroupID>7600</GroupID></FinancialSanctionsTarget><FinancialSanctionsTarget>\
             <Name6>ABU X</Name6><GroupTypeDescription>Individual</GroupTypeDescription><AliasType>AKA</AliasType><AliasQuality>Low quality</AliasQuality>\
             <GroupID>7600</GroupID></FinancialSanctionsTarget></ArrayOfFinancialSanctionsTarget>",
        );
        let headings = LAYOUT_2022.iter().map(|c| c.heading).collect::<Vec<_>>().join(",");
        let table = list(
            "t",
            &format!(
                "Last Updated,04/05/2022\n{headings}\nLAST,First,,,,,(1) Dr (2) Prof,,,,28/04/1937,,,,,,,,,1 Road,,,,,,,Iraq,,Individual,\
                 Primary name,,Iraq,07/07/2003,,31/12/2020,7600\nABU X,,,,,,,,,,,,,,,,,,,,,,,,,,,,Individual,AKA,Low quality,,,,,7600\n"
            ),
        );
        assert_eq!(xml.records, table.records);
        assert_eq!(xml.positions, ["FinancialSanctionsTarget 1"]);
    }

    #[test]
    fn elements_of_their_own_and_unknown_ones() {
        let xml = list(
            "x",
            "<ArrayOfFinancialSanctionsTarget><FinancialSanctionsTarget><Name6>SHIP</Name6><GroupTypeDescription>Ship</GroupTypeDescription>\
             <UKSanctionsListRef>RUS0001</UKSanctionsListRef><UNRef>KPe.001</UNRef><UKStatementOfReasons>Because</UKStatementOfReasons>\
             <PhoneNumber>(1) 1 (2) 2</PhoneNumber><Ship_IMONumber>9562233</Ship_IMONumber><Ship_Flag>Panama</Ship_Flag>\
             <Ship_Tonnage>5000</Ship_Tonnage><GrpStatus>A</GrpStatus><GroupID>1</GroupID></FinancialSanctionsTarget>\
             <FinancialSanctionsTarget><Name6>NOBODY</Name6></FinancialSanctionsTarget></ArrayOfFinancialSanctionsTarget>",
        );
        let record = &xml.records[0];
        let kinds: Vec<(&IdentifierKind, &str)> =
            record.identifiers.iter().map(|i| (&i.kind, i.value.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (&IdentifierKind::ListReference, "gb-uksl:RUS0001"),
                (&IdentifierKind::ListReference, "un:KPe.001"),
                (&IdentifierKind::PhoneNumber, "1"),
                (&IdentifierKind::PhoneNumber, "2"),
                (&IdentifierKind::Imo, "9562233"),
            ]
        );
        let kept: Vec<(&str, &str)> = record.kept.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            kept,
            [
                ("UK Statement of Reasons", "Because"),
                ("Tonnage of ship", "5000"),
                ("GrpStatus", "A")
            ]
        );
        assert_eq!(xml.not_understood, [("GrpStatus".to_owned(), 1)]);
        assert_eq!(xml.rejects.len(), 1);
    }
}
